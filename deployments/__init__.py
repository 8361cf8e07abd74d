"""Deployments: what is scheduled, and the limits and automations that keep it honest."""
