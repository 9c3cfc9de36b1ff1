-- +goose Up

-- Every corpus that was ever loaded. The row stays when the corpus is emptied: an operator who wants no demo
-- sheets does not get them back at the next start.
CREATE TABLE corpora (
    name      text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
    version   text NOT NULL DEFAULT '', -- of a corpus that comes with the binary
    loaded_at timestamptz NOT NULL DEFAULT now()
);

-- A procedure belongs to one corpus, in all its languages.
CREATE TABLE procedures (
    id     text COLLATE "C" PRIMARY KEY CHECK (octet_length(id) BETWEEN 1 AND 200),
    corpus text COLLATE "C" NOT NULL REFERENCES corpora
);

CREATE INDEX procedures_corpus ON procedures (corpus);

CREATE TABLE sheets (
    no         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         text COLLATE "C" NOT NULL REFERENCES procedures,
    lang       text COLLATE "C" NOT NULL CHECK (lang ~ '^[a-z]{2,3}$'),
    title      text NOT NULL, -- may be empty
    data       jsonb NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32), -- of content, model and passages
    version    integer NOT NULL CHECK (version > 0),
    shipped    boolean NOT NULL, -- as the binary brought it; nobody edited it
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (id, lang)
);

-- What a sheet said, and when: each version, the present one too. No data: it was removed.
CREATE TABLE sheet_versions (
    id       text COLLATE "C" NOT NULL,
    lang     text COLLATE "C" NOT NULL,
    version  integer NOT NULL CHECK (version > 0),
    data     jsonb,
    saved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, lang, version)
);

-- Vectors of two models are never compared, nor those of one model in two dimensions.
CREATE TABLE models (
    no  smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id  text NOT NULL,
    dim integer NOT NULL CHECK (dim BETWEEN 1 AND 16000), -- what halfvec holds
    UNIQUE (id, dim)
);

-- The vector index is made when sheets are loaded, for their model alone (passages.go).
CREATE TABLE passages (
    sheet       bigint NOT NULL REFERENCES sheets ON DELETE CASCADE,
    model       smallint NOT NULL REFERENCES models,
    text_digest bytea NOT NULL CHECK (octet_length(text_digest) = 32),
    ordinal     integer NOT NULL CHECK (ordinal >= 0), -- in no index: a change of place leaves the vector index alone
    kind        text NOT NULL,
    section     text NOT NULL,
    text        text NOT NULL,
    embedding   halfvec NOT NULL, -- of unit length
    PRIMARY KEY (sheet, model, text_digest)
);

-- Vectors stay in the row; where it grows long, the text moves out.
ALTER TABLE passages ALTER COLUMN embedding SET STORAGE MAIN;
