"""The curators' review desk. Every view here asks for the permission `events.curate`."""
