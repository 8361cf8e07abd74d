"""What a step does, in the order of the data. Plain Python: nothing in here knows of Prefect."""
