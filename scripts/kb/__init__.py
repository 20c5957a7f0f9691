"""The library behind the site: each module does one job, see ARCHITECTURE.md for the layers."""
