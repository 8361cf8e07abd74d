"""The embedded portal: composed disclosures of invented districts, served over real HTTP, and the job run on them."""
