"""The ledger's rules that Django cannot say: revisions are never updated, deleted or truncated; one head row."""

from django.db import migrations

CREATE = """
CREATE FUNCTION events_refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER revision_append_only BEFORE UPDATE OR DELETE ON events_revision
    FOR EACH ROW EXECUTE FUNCTION events_refuse_ledger_change();
CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON events_revision
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_ledger_change();
INSERT INTO events_ledgerhead (id, seq, hash) VALUES (1, 0, repeat('0', 64));
"""
DROP = """
DROP TRIGGER revision_no_truncate ON events_revision;
DROP TRIGGER revision_append_only ON events_revision;
DROP FUNCTION events_refuse_ledger_change();
DELETE FROM events_ledgerhead;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
