"""One form for each verb of the lifecycle that starts from an existing problem."""

from genyin.web.problems.forms import analysis, assign, ending, minutes, records, solution
from genyin.web.problems.forms.base import VerbForm

MODULES = (assign, analysis, solution, minutes, ending, records)
FORMS: dict[str, type[VerbForm]] = {form.verb: form for module in MODULES for form in module.FORMS}
