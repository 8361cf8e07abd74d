"""A run from listing to warehouse, in parts that the command line and the Prefect flows both call.

Import from the modules: `job` what is asked, `workplace` the open handles, `process` one source and one document,
`run` a whole run, `summary` what it came to.
"""
