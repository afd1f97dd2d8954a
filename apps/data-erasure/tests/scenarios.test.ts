/** What the app does, on one deployment: the files of `scenarios/`. The proofs, and the parts without AWS, are tested beside. */
import "./scenarios/trouble.ts";
import "./scenarios/deciding.ts";
import "./scenarios/events.ts";
import "./scenarios/erasing.ts";
