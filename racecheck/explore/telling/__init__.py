"""What a failing run did, and why it fails: recorded, cut down to what matters, explained."""
