import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What these look at is when a text leaves: beside other tests on two cores they would see those. */
const BY_THE_CLOCK = ["pacing-processes", "fairness", "pacing", "slow-down"].map((name) => `test/*/${name}.test.ts`);

/** Vitest begins with the largest files; those that take longest here are short, and one begun last keeps all waiting. */
const LONGEST = ["test/browser/pages", "test/chaos/", "test/browser/"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((name) => moduleId.includes(name));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

const root = `${import.meta.dirname}/..`;
const patience = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    root,
    globalSetup: ["test/support/global-setup.ts"],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "all",
          root,
          ...patience,
          include: ["test/**/*.test.ts"],
          exclude: BY_THE_CLOCK,
          // Two cores: more files at once only wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "by the clock",
          root,
          ...patience,
          include: BY_THE_CLOCK,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
