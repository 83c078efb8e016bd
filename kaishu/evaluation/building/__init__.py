"""From a passport and data to scores that explain themselves, stage by stage."""
