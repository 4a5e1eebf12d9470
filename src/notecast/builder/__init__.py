"""The story of a build. Read `build.py` first."""
