/** Faults that tests of other layers inject; each title is a test's, to the letter. */
import type { Linked, TestName } from "./types.ts";

const conformance = (file: string, ...titles: string[]): TestName[] =>
  titles.map((title) => ({ file: `test/conformance/${file}.test.ts`, title }));
const unit = (file: string, ...titles: string[]): TestName[] =>
  titles.map((title) => ({ file: `test/unit/${file}.test.ts`, title }));

const AWS: Omit<Linked, "kind">[] = [
  {
    fault: "throttled calls, updates in progress, roles that are not ready yet",
    holds: "the deploy waits them out and completes",
    tests: conformance("deploy-moto-faults", "gets over throttling, updates in progress and roles that are not ready yet"),
  },
  {
    fault: "throttling without an end, and a cancel while waiting",
    holds: "patience has an end, one sentence; a cancel ends the wait at once",
    tests: unit("deployment/retry", "has an end", "ends at once when it is cancelled"),
  },
  {
    fault: "a first deploy cut off at every single write",
    holds: "the next deploy completes it; a destroy removes what it has left",
    tests: conformance(
      "deploy-moto-faults",
      "completes what was cut off, wherever that was",
      "destroys what a cut-off deploy has left, wherever that was",
    ),
  },
  {
    fault: "an update, and a destroy, cut off at every single write",
    holds: "the next one completes it",
    tests: conformance(
      "deploy-moto-faults",
      "completes an update that was cut off, wherever that was",
      "completes a destroy that was cut off, wherever that was",
      "removes a function's role, too, when that was cut off",
    ),
  },
  {
    fault: "a deploy against the running emulator cut off at every step while requests come in",
    holds: "clients never see half a release; the next deploy completes it",
    tests: conformance("deploy-emulator", "completes what was cut off, and never shows half of it"),
  },
  {
    fault: "a deploy cancelled at every step",
    holds: "it goes on from there, and clients stay where they were meanwhile",
    tests: [
      ...conformance("deploy-emulator", "can be cancelled at every step, and goes on from there"),
      ...conformance("deploy-cli", "goes on after Ctrl+C, and clients stay where they were meanwhile"),
      ...conformance("deploy-moto-faults", "leaves no request on a canary when the deploy is cancelled"),
    ],
  },
  {
    fault: "answers that are lost after the endpoint has acted (cut sockets)",
    holds: "the deploy completes, nothing is made twice",
    tests: [
      ...conformance("deploy-moto-faults", "gets over answers that are lost", "gets over answers that are lost in an update"),
      ...conformance("deploy-emulator", "gets over answers that are lost, where revisions are checked"),
    ],
  },
  {
    fault: "an endpoint that is not there",
    holds: "one sentence says so",
    tests: conformance("deploy-moto-faults", "says in one sentence that nothing answers"),
  },
  {
    fault: "credentials that have expired",
    holds: "one sentence with the command to run; the same command goes on afterwards",
    tests: [
      ...conformance("deploy-cli", "says in one sentence that the sign-in has expired; the same command goes on afterwards"),
      ...unit("deployment/resolve-target", "that are missing or expired give one sentence with the command to run"),
    ],
  },
  {
    fault: "two deploys of one stage at once",
    holds: "one of them is told, whole releases are served all the while",
    tests: [
      ...conformance("deploy-emulator", "keeps serving whole releases when two deploys meet, and tells one of them"),
      ...conformance("deploy-moto-faults", "tells a deploy that another one is in its way"),
      ...conformance("deploy-races", "while it moves clients"),
    ],
  },
  {
    fault: "functions that were changed, deleted or given away by hand (drift)",
    holds: "the plan shows it, the deploy mends it",
    tests: [
      ...conformance(
        "deploy-moto-faults",
        "mends what somebody has changed by hand",
        "shows what was changed by hand and not published",
      ),
      ...conformance("deploy-races", "shows what was deleted or given away past it, and mends it"),
    ],
  },
  {
    fault: "functions, roles and log groups of somebody else with our prefix",
    holds: "they are never touched",
    tests: [
      ...conformance("deploy-moto", "never touches a function that is not its own"),
      ...conformance(
        "deploy-moto-faults",
        "never takes a role for its own that is not",
        "leaves log groups alone that somebody else has made, and gives its own their retention",
      ),
    ],
  },
  {
    fault: "functions that Lambda could not create, or whose update has failed",
    holds: "the next deploy makes them anew",
    tests: conformance(
      "deploy-races",
      "makes a function anew that Lambda could not create",
      "says everything again to a function whose last update has failed",
    ),
  },
  {
    fault: "requests of a new release that fail on their share",
    holds: "clients go back to the old release",
    tests: [
      ...conformance("deploy-moto-faults", "gives a canary its share, and takes it away when its requests fail"),
      ...conformance("deploy-emulator", "takes a release back whose requests fail on their share"),
    ],
  },
  {
    fault: "logs that cannot be read: throttled, refused, late, repeated",
    holds: "throttling is waited out, refusals say what to do, nothing counts twice or is missed",
    tests: unit(
      "monitoring/read",
      "a log group that does not exist yet holds nothing; throttling is waited out; refusals say what to do",
      "goes on where it ended: nothing twice, and nothing missed of what arrives late",
      "an event that two pages repeat counts once",
      "a cancel ends it, also while it waits for a throttled service",
    ),
  },
];

const HERE: Omit<Linked, "kind">[] = [
  {
    fault: "the emulator's parent killed, its input closed, SIGTERM",
    holds: "no process and no folder is left",
    tests: conformance("lambda-process", "it ends by SIGTERM, by the end of its input, and with its parent, and leaves nothing"),
  },
  {
    fault: "SIGKILL of `fusionize run` in the middle of a workload",
    holds: "no emulator, no instance and no service is left",
    tests: [
      { file: "test/journey/main-job.test.ts", title: "a run that is killed leaves no emulator, no instance and no service" },
    ],
  },
  {
    fault: "SIGKILL of what guards a local service; a service that ignores the request to end",
    holds: "the service and its children end",
    tests: unit(
      "local/guard",
      "leaves nothing when it is itself killed with SIGKILL",
      "insists when the service ignores the request to end",
    ),
  },
  {
    fault: "a port that is taken, a data folder in use or that cannot be made",
    holds: "one clear message, exit code 1",
    tests: [
      ...conformance(
        "lambda-process",
        "a taken port is one clear message and exit code 1",
        "a data folder in use, and one that cannot be made, are one clear message each",
      ),
      { file: "test/journey/usage.test.ts", title: "a taken port" },
    ],
  },
  {
    fault: "queue and log files cut off at any byte",
    holds: "at most the entry that was being written is lost",
    tests: [
      ...unit("emulator/journal", "a file cut off at any byte loses at most the entry that was being written"),
      ...unit("emulator-logs/storage", "a file cut off at any byte loses only what was cut, and takes new events after"),
    ],
  },
  {
    fault: "log files damaged in the middle, or replaced by another file",
    holds: "what is damaged is skipped or set aside, the rest is kept",
    tests: unit(
      "emulator-logs/storage",
      "a damaged record in the middle is skipped, those after it are kept",
      "a segment that is none is set aside, not written over",
    ),
  },
  {
    fault: "fusionize.json that is broken, source that does not parse",
    holds: "its place is named, the rest of the graph is shown",
    tests: [
      {
        file: "test/journey/usage.test.ts",
        title: "names the place where fusionize.json is broken, and prints the graph all the same",
      },
      { file: "test/journey/usage.test.ts", title: "names the source that does not parse, and keeps the other tasks" },
    ],
  },
  {
    fault: "fusionize.json edited while its setup is being compared",
    holds: "the edit is left alone",
    tests: [{ file: "test/journey/accept.test.ts", title: "is left alone where the file was edited meanwhile" }],
  },
  {
    fault: "payloads, client contexts and responses at their limit and one byte over it",
    holds: "taken, and refused as AWS does",
    tests: conformance(
      "lambda-limits",
      "a synchronous request of 6 MB is taken, one byte more is not",
      "an asynchronous one of 1 MB is taken, one byte more is not",
      "a response of 6,291,556 bytes is handed over, one byte more is a failure of the function",
      "a client context of 3,583 bytes is taken, more is not",
    ),
  },
  {
    fault: "handlers that never end, spin, exit, throw in the background, eat all memory, or return what is no JSON",
    holds: "the caller is told as AWS tells it, the next request is served",
    tests: conformance(
      "lambda-execution",
      "a timeout ends even a spinning handler, and what it wrote is in the log",
      "an exit is reported with its status, and the next request meets a new process in the same environment",
      "an end without a reason: %o",
      "an uncaught error in the background ends the process with status 1",
      "memory past the limit ends the process",
      "a result that is no JSON, and one over 6 MB",
    ),
  },
  {
    fault: "functions that call each other in a circle",
    holds: "the circle is stopped as AWS stops it",
    tests: conformance("lambda-api", "functions that invoke each other in a loop are stopped, unless allowed"),
  },
  {
    fault: "asynchronous events that are throttled, fail, or grow too old",
    holds: "none is lost: all run, or go to the failure destination",
    tests: [
      ...conformance(
        "lambda-queue",
        "throttled events wait in the queue and all run",
        "destinations get AWS's record of success and failure",
      ),
      ...conformance("lambda-lifecycle", "an event past its age goes to the failure destination without having run"),
    ],
  },
  {
    fault: "clients that send half a request and wait, or send without end",
    holds: "they are given up, others are served meanwhile",
    tests: unit(
      "emulator/http-server",
      "a request that never ends is given up, in its headers and in its body, and others are served meanwhile",
      "a body over the largest request of AWS is refused, and one without end is cut off",
    ),
  },
];

export const LINKED: Linked[] = [
  ...HERE.map((row): Linked => ({ kind: "fault", ...row })),
  ...AWS.map((row): Linked => ({ kind: "aws", ...row })),
];
