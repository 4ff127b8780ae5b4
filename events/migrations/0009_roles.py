"""Makes the groups Curators, Senior curators and Administrators."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from events import roles


def make_groups(apps, schema_editor):
    """Permissions first: Django makes them only after all migrations, so on a new database there are none yet."""
    for label in ("events", "auth"):
        config = apps.get_app_config(label)
        config.models_module = True  # else it is taken for an app without models
        create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
        del config.models_module
    roles.make(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


def remove_groups(apps, schema_editor):
    """Takes them away, from their members too. The permissions are Django's and stay."""
    names = [role.name for role in roles.ROLES]
    apps.get_model("auth", "Group").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0008_alerts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
