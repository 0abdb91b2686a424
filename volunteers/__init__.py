"""Opportunities, shifts, sign-ups and hours; capacity holds whatever happens at once.

models/    opportunity and shift, sign-up, hours
services/  sign people up, cancel, check in, record and approve hours
"""
