/** The workflows in .github, run on this machine by act, and what they ask of a repository. */
import "./workflows/dispatch.ts";
import "./workflows/environments.ts";
import "./workflows/injection.ts";
import "./workflows/deploy.ts";
import "./workflows/main.ts";
import "./workflows/push.ts";
import "./workflows/release.ts";
import "./workflows/reports.ts";
import "./workflows/shells.ts";
