-- +goose Up

-- A conversation's id is 128 random bits, made by us: it is the bearer secret of a conversation on the web.
CREATE TABLE conversations (
    id             text COLLATE "C" PRIMARY KEY CHECK (length(id) = 22),
    channel        text NOT NULL CHECK (channel IN ('web', 'email', 'sms', 'desk')),
    language       text NOT NULL DEFAULT '' CHECK (language IN ('', 'fr', 'ar', 'ary', 'arabizi', 'en', 'other')),
    state          text NOT NULL DEFAULT 'assistant',
    waiting_since  timestamptz,
    handoff_reason text NOT NULL DEFAULT '',
    assignee       text, -- the agent who replied last
    memory         jsonb NOT NULL DEFAULT '{}',
    test           boolean NOT NULL DEFAULT false, -- made by a command: it waits for nobody
    last_seq       bigint NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT conversations_state CHECK (CASE state
        WHEN 'assistant' THEN waiting_since IS NULL                           -- it answers
        WHEN 'waiting'   THEN waiting_since IS NOT NULL AND NOT test          -- for an agent
        WHEN 'agent'     THEN num_nulls(waiting_since, assignee) = 0 AND NOT test -- one has replied
        WHEN 'resolved'  THEN waiting_since IS NULL                           -- the assistant answers again
        ELSE false END)
) WITH (fillfactor = 80);

CREATE INDEX conversations_waiting ON conversations (waiting_since) WHERE state IN ('waiting', 'agent');

-- What a person or an agent wrote stands in "sealed" (AES-GCM, bound to conversation, writer and id); every other
-- column holds only masked text. The assistant's answer is rendered from sheets and quotes nothing personal.
CREATE TABLE messages (
    conversation text COLLATE "C" NOT NULL REFERENCES conversations ON DELETE CASCADE,
    seq          bigint NOT NULL,
    id           uuid NOT NULL,
    who          text NOT NULL,
    sealed       bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    -- of a citizen
    client_id    text,
    masked       text,
    held         boolean NOT NULL DEFAULT false, -- left to an agent: the assistant is silent
    answered     boolean NOT NULL DEFAULT false, -- by the assistant
    -- of the assistant
    question     bigint, -- seq of the question it answers
    answer       jsonb,
    status       text,
    intent       text,
    language     text,
    procedure    text,
    confidence   real CHECK (confidence BETWEEN 0 AND 1),
    total_ms     real,
    embed_ms     real,
    search_ms    real,
    -- of an agent
    agent        text,
    PRIMARY KEY (conversation, seq),
    CONSTRAINT messages_who CHECK (seq > 0 AND CASE who
        WHEN 'citizen'   THEN num_nulls(sealed, client_id, masked) = 0 AND num_nonnulls(question, answer, agent) = 0
        WHEN 'assistant' THEN num_nulls(question, answer, status, intent) = 0 AND question < seq
                              AND num_nonnulls(sealed, client_id, masked, agent) = 0
        WHEN 'agent'     THEN num_nulls(sealed, agent) = 0 AND num_nonnulls(client_id, masked, question, answer) = 0
        ELSE false END)
);

-- The same message sent twice is one message; a question has one answer.
CREATE UNIQUE INDEX messages_client_id ON messages (conversation, client_id) WHERE client_id IS NOT NULL;
CREATE UNIQUE INDEX messages_question ON messages (conversation, question) WHERE question IS NOT NULL;
CREATE INDEX messages_unanswered ON messages (created_at) WHERE who = 'citizen' AND NOT answered AND NOT held;

-- Who of the staff did what with which conversation. It outlives the conversation, hence no reference.
CREATE TABLE accesses (
    no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent        text NOT NULL,
    conversation text COLLATE "C" NOT NULL,
    act          text NOT NULL CHECK (act IN ('read', 'replied', 'resolved')),
    at           timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX accesses_conversation ON accesses (conversation);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER accesses_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accesses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE agents (
    name          text PRIMARY KEY CHECK (name <> ''),
    password_hash text NOT NULL CHECK (password_hash <> ''),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- Facts about the installation itself.
CREATE TABLE settings (
    name       text PRIMARY KEY CHECK (name <> ''),
    value      jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
