import { type Verb, verbs } from './events.ts'
import { type FailureCode, failureCodes } from './failures/index.ts'

/** A word that a deploy prints, and what it means. */
export interface Explanation {
  /** The word, then others that are printed for the same thing; `N` stands for a number. */
  names: readonly [string, ...string[]]
  /** Markdown; its first sentence is a summary. */
  text: string
}

/** What a deploy prints in addition to verbs and codes. */
const states: readonly Explanation[] = [
  {
    names: ['ready'],
    text: `Everything works as far as it can be tested. All pods of this revision exist, every program in them has run for at least 25 seconds (one that
ended before: for half as long again as it ran then, plus 10 seconds), every health check passes, every Job is complete, and every published
TCP port accepts a connection. So does every port to which a service connects, by its variables or its command, without waiting for it: a
temporary pod tests these from inside the cluster. The printed time is when everything was ready; the time that was watched after that is
printed next to it. Ports that cannot be reached from where \`landfall\` runs, and UDP ports, are listed as not tested.
\`services.NAME.optionalPorts\` in \`landfall.yaml\` lists ports that need not answer. After that the [checks](checks.md) of the project run inside the
cluster, and all of them hold. A second \`landfall up\` that changes nothing does not
watch again what has run for long enough.

Lines below \`Ready\` say what it does not include: \`Not tested\` if no temporary pod could connect from inside, \`Not reachable\` for a service of
\`external\` to which a service connects and that does not answer there, \`Not scaled\` for an autoscaler without metrics.

With \`--timeout\` the wait ends after that time, counted from the first request.`,
  },
  {
    names: ['waiting for'],
    text: `A gate waits: the first container of the pod (\`kubectl logs POD -c wait-for-…\`) holds the pod back until its dependency is available. A gate
never fails and never gives up; look at what it waits for. See \`landfall explain gates\`.`,
  },
]

/** Everything that a deploy prints by name, in the order of docs/verdict.md. */
export function listExplanations(): Explanation[] {
  const ofVerbs = (Object.keys(verbs) as Verb[]).map(
    (verb): Explanation => ({ names: [verb], text: verbs[verb] }),
  )
  const ofFailures = (Object.keys(failureCodes) as FailureCode[]).map((code): Explanation => {
    const { reasons, text } = failureCodes[code]
    return { names: [code, ...reasons], text }
  })
  return [...states, ...ofVerbs, ...ofFailures]
}
