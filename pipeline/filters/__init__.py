"""Stages that look at one record, or at records with the same key. One file each."""
