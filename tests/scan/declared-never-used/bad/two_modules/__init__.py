"""Deliveries and recommendations in two modules, and no printing house."""
# policy: tests/scan/policies/magazine.yaml
