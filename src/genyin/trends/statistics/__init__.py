"""Statistics over every incident: Pareto, month over month, year over year, by one dimension.

DuckDB counts in Parquet files, a cache that can be thrown away: the database is the truth. What the asker may see is
applied before anything is counted. Nothing is imported here, so that `cube` can be used without Django.
"""
