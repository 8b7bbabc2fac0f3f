"""Customers, projects, services, configuration items and the incidents that hit them."""
