/** What the deployer claims, and the tests that have shown it, by where they were run. Titles as they stand in the tests. */
export type Place = "moto" | "MiniStack" | "emulator" | "VS Code";

export interface Claim {
  claim: string;
  proof: Partial<Record<Place, readonly string[]>>;
}

/** Files in which the tests of a place are. */
export const FILES: Record<Place, readonly string[]> = {
  moto: [
    "deploy-moto.test.ts",
    "deploy-moto-faults.test.ts",
    "deploy-calls.test.ts",
    "deploy-cli.test.ts",
    "deploy-export.test.ts",
  ],
  MiniStack: ["deploy-ministack.test.ts", "deploy-journey.test.ts"],
  emulator: ["deploy-emulator.test.ts", "deploy-races.test.ts", "deploy-cli.test.ts"],
  "VS Code": ["../e2e/deploy/steps.ts"],
};

export const CLAIMS: readonly Claim[] = [
  {
    claim: "The target is chosen once, shown everywhere, kept without keys; endpoints of environment and profile are honoured",
    proof: {
      emulator: [
        "deploys with --yes, and keeps where to for the next time, without any key",
        "goes where %s says",
        "goes where endpoint_url of the profile says",
      ],
      "VS Code": ["deploy: the target is asked for once: endpoint, region, stage, role"],
    },
  },
  {
    claim: "An expired sign-in gives one sentence with the command, and a retry that keeps all answers",
    proof: {
      emulator: ["says in one sentence that the sign-in has expired; the same command goes on afterwards"],
      "VS Code": ["deploy: an expired sign-in names the command, and Retry keeps all answers"],
    },
  },
  {
    claim: "The plan comes first, with account, region, stage and the month; nothing happens before consent",
    proof: {
      moto: ["plans without doing", "changes nothing when there is more to do than somebody has agreed to"],
      emulator: ["plans with account, region, stage and the month, and changes nothing before consent"],
      "VS Code": ["deploy: the plan is a tree with account, region and stage, and nothing has happened yet"],
    },
  },
  {
    claim: "A plan on an unchanged app is empty, and deploying it changes nothing",
    proof: {
      moto: ["plans nothing for an unchanged app, and then changes nothing"],
      emulator: ["asks and changes nothing for an unchanged app"],
    },
  },
  {
    claim: "Roles with least privilege for each function; log groups with a retention; tags; URLs with the rights they need",
    proof: {
      moto: [
        "makes roles, log groups, functions, a release and the entry alias",
        "gives every function a role for its own log and its own callees, and no more",
        "gives entries a URL for whom it is meant, and takes rights away again",
      ],
    },
  },
  {
    claim: "The functions run, call each other, and hand events on",
    proof: {
      MiniStack: ["calls siblings within the release, synchronously and asynchronously", "is deployed, and answers"],
      emulator: ["deploys functions that call each other, wait, and hand events on"],
    },
  },
  {
    claim: "A request runs within one release from beginning to end, also while releases change under load",
    proof: { emulator: ["answers every request within one release while releases change under load"] },
  },
  {
    claim: "Throttles, updates in progress and roles that are not ready are got over",
    proof: { moto: ["gets over throttling, updates in progress and roles that are not ready yet"] },
  },
  {
    claim: "Cut off at any request, the next deploy completes it, or destroy removes it; lost answers do no harm",
    proof: {
      moto: [
        "completes what was cut off, wherever that was",
        "completes an update that was cut off, wherever that was",
        "destroys what a cut-off deploy has left, wherever that was",
        "completes a destroy that was cut off, wherever that was",
        "gets over answers that are lost",
        "gets over answers that are lost in an update",
      ],
      emulator: [
        "completes what was cut off, and never shows half of it",
        "gets over answers that are lost, where revisions are checked",
      ],
    },
  },
  {
    claim: "Progress by name, cancelled at any point",
    proof: {
      moto: ["can be cancelled, and goes on from there"],
      emulator: [
        "can be cancelled at every step, and goes on from there",
        "goes on after Ctrl+C, and clients stay where they were meanwhile",
      ],
      "VS Code": ["deploy: a share of the requests tries the next release; Cancel leaves all of them where they were"],
    },
  },
  {
    claim: "A parallel deploy is detected by revisions; the other's change and the clients are left as they are",
    proof: {
      emulator: [
        "while it changes %s",
        "while it publishes a version: %s",
        "while it moves clients",
        "keeps serving whole releases when two deploys meet, and tells one of them",
      ],
    },
  },
  {
    claim: "Drift is shown, and mended by the next deploy",
    proof: {
      moto: ["mends what somebody has changed by hand", "shows what was changed by hand and not published"],
      emulator: [
        "shows what was deleted or given away past it, and mends it",
        "makes a function anew that Lambda could not create",
        "says everything again to a function whose last update has failed",
      ],
    },
  },
  {
    claim: "What is not ours is never touched: functions, roles, log groups, other stages",
    proof: {
      moto: [
        "never touches a function that is not its own",
        "never takes a role for its own that is not",
        "leaves log groups alone that somebody else has made, and gives its own their retention",
      ],
    },
  },
  {
    claim: "A canary gets its share, and goes back by itself when its requests fail",
    proof: {
      moto: [
        "gives a canary its share, and takes it away when its requests fail",
        "leaves no request on a canary when the deploy is cancelled",
      ],
      emulator: [
        "takes a release back whose requests fail on their share",
        "gives a canary its share first, and names each step",
      ],
      "VS Code": ["deploy: a share of the requests tries the next release; Cancel leaves all of them where they were"],
    },
  },
  {
    claim: "Roll back: one call for each entry, no upload; the last N releases are kept, older versions deleted",
    proof: {
      moto: [
        "rolls back with one call for each entry, and forward again without uploading",
        "keeps one earlier release, and lets go of the rest once nothing can come to it any more",
      ],
      MiniStack: ["serves new code after an update, and the old after rolling back", "is rolled back"],
      emulator: ["keeps as many releases as it is told, returns to any of them, and deletes the versions of the others"],
      "VS Code": ["deploy: Roll Back returns to the release before"],
    },
  },
  {
    claim: "Destroy removes everything of the stage and lists what it kept",
    proof: {
      moto: ["destroys everything of the stage, and says what stays"],
      MiniStack: ["leaves nothing behind", "is destroyed, and nothing is left"],
      emulator: ["destroys, lists what is left, and leaves nothing with --logs"],
      "VS Code": ["deploy: Destroy Deployment asks, and leaves nothing"],
    },
  },
  {
    claim: "Monitoring and optimizer run on it unchanged: the same document as locally, then a suggestion",
    proof: {
      MiniStack: [
        "is read from its logs, asynchronous tasks included",
        "is optimised by a local measurement, and deployed again with what has changed alone",
      ],
      emulator: [
        "measures there what it measures locally, and optimises from it",
        "lists releases, rolls back, and follows requests as their logs arrive",
      ],
    },
  },
  {
    claim:
      "The printed policy is neither too short nor too long; a deploy of 17 tasks stays within the written bound of requests",
    proof: {
      moto: [
        "asks for no right that the printed policy lacks, and the policy gives none that is not used",
        "stays within the bound, asks for rights of the printed policy only, and leaves nothing",
        "prints the policy for the account of the credentials, or the one given",
      ],
    },
  },
  {
    claim: "The export is valid for cfn-lint and says the same as a deploy does",
    proof: {
      moto: [
        "is valid ${format} with %s",
        "holds every function's bundle and says the same as a deploy does",
        "comes from the terminal as well, with every bundle, valid in both formats",
      ],
    },
  },
];
