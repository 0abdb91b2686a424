// Nothing here is needed: every page works without it. Where a browser does not focus what is marked `autofocus`
// unless it is a field, the summary of a form's errors is focused here.
const summary = document.querySelector(".error-summary[autofocus]");
if (summary && document.activeElement !== summary) summary.focus();
