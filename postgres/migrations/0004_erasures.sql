-- +goose Up

-- Up to this place the messages of the conversation were deleted at the person's wish. The question that confirmed it
-- stays there without its text, so that the same message sent again is known.
ALTER TABLE conversations ADD COLUMN erased_seq bigint NOT NULL DEFAULT 0;

-- That messages were deleted, how many, and why: the bare fact, without any text. It outlives the conversation, hence
-- no reference.
CREATE TABLE erasures (
    no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation text COLLATE "C" NOT NULL,
    messages     bigint NOT NULL,
    cause        text NOT NULL CHECK (cause IN ('wish', 'age')),
    at           timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER erasures_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erasures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
