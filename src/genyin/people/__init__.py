"""Users, teams, roles, delegations and API tokens."""
