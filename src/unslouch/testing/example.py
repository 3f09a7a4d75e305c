"""An exercise that no catalogue has, as a file: plain enough to reason about in a test."""

CURL = """\
schema = 1
id = "wrist-wave"
name = "Wrist wave"
sides = "one at a time"
setup = ["Let the arm hang."]
purpose = "For tests."
muscles = { main = ["biceps brachii"] }
sources = ["made up for tests"]

[[variant]]
id = "bodyweight"
equipment = []

[dose]
reps = [8, 10]
tempo_s = { concentric = 1.0, hold = 0.5, eccentric = 1.5 }

[view]
count = [[-40, 40]]
guide_to = 0
needs = ["wrists", "elbows"]

[start]
hold_s = 0.3
require = [{ feature = "wrist_above_elbow_torsos", below = -0.2 }]

[signal]
feature = "wrist_above_elbow_torsos"
full = { of_personal_range = 0.85, fallback = 0.3, unit = "torso", source = "made up", evidence = "judgement" }
count_from = { of_personal_range = 0.45, fallback = 0.0, unit = "torso", source = "made up", evidence = "judgement" }
range_views = [[-40, 40]]
min_s = 0.8
max_s = 12.0

[motion]
keyframes = [{ at = 0.0, working = { elbow_flexion_deg = 5 } }, { at = 1.0, working = { elbow_flexion_deg = 130 } }]

[[check]]
fault = "elbow-drift"
feature = "upper_arm_from_trunk_deg"
rises_above_reference_by = { value = 15, unit = "deg", source = "made up", evidence = "judgement" }
during = ["concentric", "hold"]
say = "Elbow in."
praise = "Elbow close. Good."

[[check]]
fault = "fast-release"
compare = "eccentric_over_concentric"
below = { value = 0.8, unit = "1", source = "made up", evidence = "judgement" }
say = "Slower."
"""
