import sys, json
from pathlib import Path
from autograder.assignment import find_assignment
from autograder.grading import Grader
from autograder.submission import find_submissions, read_submission
from autograder.writers import json_file

folder, assignment, out = sys.argv[1:4]
out = Path(out)
with Grader(find_assignment(assignment), seed=1) as grader:
    for source in find_submissions([Path(folder)], "hello_rnn"):
        report = grader.grade(read_submission(source, "hello_rnn", grader.names))
        path = out / report.submission / "report.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json_file.render(report))
        print(report.submission, report.score, report.max_score)
