"""What every area uses and what knows no area: errors, clock, actor, events, jobs, files."""
