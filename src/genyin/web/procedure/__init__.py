"""The screens of the procedure: what it says, its versions, the states it leads through, and the service catalogue."""
