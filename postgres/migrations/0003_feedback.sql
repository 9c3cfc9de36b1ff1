-- +goose Up

-- Whether an answer was of use to the person. The last word counts.
CREATE TABLE feedback (
    conversation text COLLATE "C" NOT NULL,
    seq          bigint NOT NULL,
    useful       boolean NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation, seq),
    FOREIGN KEY (conversation, seq) REFERENCES messages (conversation, seq) ON DELETE CASCADE
);
