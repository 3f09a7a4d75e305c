"""A private coach for resistance-band exercises: it watches through a camera and counts the good repetitions."""
