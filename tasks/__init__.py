"""What a step does, in the order of the data. Plain Python: nothing in here knows of Prefect."""

from tasks.compiled import check_compiled

# The one work at import: after it, a compiled module of another state of its source would already be running.
check_compiled()
