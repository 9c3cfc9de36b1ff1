-- +goose Up

-- What was asked of a language model in a month (UTC): requests, and tokens as the endpoint counts them. The monthly
-- budget is held against it. No text, nothing of a person.
CREATE TABLE model_use (
    month    text COLLATE "C" PRIMARY KEY CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    requests bigint NOT NULL CHECK (requests >= 0),
    tokens   bigint NOT NULL CHECK (tokens >= 0)
);
