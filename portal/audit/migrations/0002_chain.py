"""What the database itself sees to: nothing of the record is changed or removed, and every entry is chained.

The functions that write run with the rights of the tables' owner and find their tables by a search path of their own,
so that the application's role needs no right on the chain and cannot put a table of its own in between. All triggers
are ENABLE ALWAYS: they fire in a replica's session too.
"""

from django.db import migrations

FUNCTIONS = """
-- The entries of a transaction that is about to commit; never holds a row when anybody else looks.
CREATE UNLOGGED TABLE audit_turn (entry_id bigint PRIMARY KEY);

CREATE FUNCTION audit_written(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value IS NULL THEN '-' ELSE octet_length(convert_to(value, 'UTF8')) || ':' || value END
$$;

CREATE FUNCTION audit_sha256(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(value, 'UTF8')), 'hex')
$$;

-- Nobody writes the record with another clock than the database's.
CREATE FUNCTION audit_entry_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;

-- First, when the transaction commits: queue up behind every check that was deferred before. Foreign keys are among
-- them, and lock rows that may wait for somebody; what waits for the chain must wait for nothing else any more.
CREATE FUNCTION audit_entry_waits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
    INSERT INTO audit_turn (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

-- Then, last of all: take the next number. The lock is released by the end of the transaction.
CREATE FUNCTION audit_entry_is_chained() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE
    e audit_entry;
    last_number bigint;
    last_hash text;
    digest text;
BEGIN
    PERFORM pg_advisory_xact_lock(104, 7);
    DELETE FROM audit_turn WHERE entry_id = NEW.entry_id;
    SELECT * INTO STRICT e FROM audit_entry WHERE id = NEW.entry_id;
    SELECT number, hash INTO last_number, last_hash FROM audit_link ORDER BY number DESC LIMIT 1;
    IF NOT FOUND THEN
        last_number := 0;
        last_hash := repeat('0', 64);
    END IF;
    digest := audit_sha256(
        audit_written('entry-1')
        || audit_written((extract(epoch FROM e.at) * 1000000)::bigint::text)
        || audit_written(e.actor_id::text)
        || audit_written(e.acting_for_id::text)
        || audit_written(e.acting_for_name)
        || audit_written(e.verb)
        || audit_written(e.target_type)
        || audit_written(e.target_id::text)
        || audit_written(e.target_name)
        || audit_written(e.details::text)
        || audit_written(e.origin_hash)
        || audit_written(e.why_hash)
    );
    INSERT INTO audit_link (number, entry_id, digest, previous, hash) VALUES (
        last_number + 1, e.id, digest, last_hash,
        audit_sha256(
            audit_written('link-1') || audit_written((last_number + 1)::text) || audit_written(last_hash)
            || audit_written(e.id::text) || audit_written(digest)
        )
    );
    RETURN NULL;
END $$;

CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is only ever added to: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- Links are made by the trigger above and by nobody else.
CREATE FUNCTION audit_link_is_made_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the record is chained by the database: INSERT into % is refused', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- A circumstance is what its entry says it is.
CREATE FUNCTION audit_circumstance_fits() RETURNS trigger LANGUAGE plpgsql
SET search_path = {schema}, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_entry e WHERE e.id = NEW.entry_id AND audit_sha256(
            audit_written(NEW.salt) || audit_written(NEW.content)
        ) = CASE NEW.kind WHEN 'origin' THEN e.origin_hash ELSE e.why_hash END
    ) THEN
        RAISE EXCEPTION 'this does not belong to entry %', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- It goes when its time is over, or in the transaction that says in the record whose is forgotten.
CREATE FUNCTION audit_circumstance_goes() RETURNS trigger LANGUAGE plpgsql
SET search_path = {schema}, pg_temp AS $$
BEGIN
    IF OLD.kind = 'origin' AND EXISTS (
        SELECT FROM audit_entry e WHERE e.id = OLD.entry_id AND e.at < clock_timestamp() - interval '90 days'
    ) THEN
        RETURN OLD;
    END IF;
    IF EXISTS (
        SELECT FROM audit_entry e WHERE e.verb = 'record.forgotten' AND e.at >= transaction_timestamp()
           AND e.details->'entries' @> to_jsonb(OLD.entry_id)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the circumstance of entry % has to be kept', OLD.entry_id
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

TRIGGERS = {
    "audit_entry": {
        "audit_entry_begins": "BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_begins()",
        "audit_entry_stays": "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
        "audit_entry_waits": "CONSTRAINT AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_waits()",
    },
    "audit_turn": {
        "audit_entry_is_chained": "CONSTRAINT AFTER INSERT ON audit_turn DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_is_chained()",
    },
    "audit_link": {
        "audit_link_is_made_here": "BEFORE INSERT ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_link_is_made_here()",
        "audit_link_stays": "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
    },
    "audit_circumstance": {
        "audit_circumstance_fits": "BEFORE INSERT ON audit_circumstance "
        "FOR EACH ROW EXECUTE FUNCTION audit_circumstance_fits()",
        "audit_circumstance_stays": "BEFORE UPDATE OR TRUNCATE ON audit_circumstance "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
        "audit_circumstance_goes": "BEFORE DELETE ON audit_circumstance "
        "FOR EACH ROW EXECUTE FUNCTION audit_circumstance_goes()",
    },
}


def protect(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(FUNCTIONS.replace("{schema}", schema))
        for table, triggers in TRIGGERS.items():
            for name, words in triggers.items():
                constraint, _, rest = words.partition(" ") if words.startswith("CONSTRAINT ") else ("", "", words)
                cursor.execute(f"CREATE {constraint} TRIGGER {name} {rest}")
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def unprotect(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, triggers in TRIGGERS.items():
            for name in triggers:
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
        cursor.execute(
            "DROP TABLE audit_turn; DROP FUNCTION audit_entry_begins, audit_entry_waits, audit_entry_is_chained, "
            "audit_refuses, audit_link_is_made_here, audit_circumstance_fits, audit_circumstance_goes, "
            "audit_sha256, audit_written"
        )


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(protect, unprotect)]
