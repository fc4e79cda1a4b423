"""What the Secretariat does for the network as a whole: who holds network-wide roles."""
