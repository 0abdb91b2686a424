"""Settings by place: `dev` (default; also the demo), `test`, `production`. All build on `base`."""
