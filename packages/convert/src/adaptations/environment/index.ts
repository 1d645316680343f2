import { isEnvironmentName } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import { literal } from '../../pod.ts'

const id = 'environment'

export default {
  id,
  title: 'Give a program its environment, dollar signs included',
  plan({ services }) {
    for (const { compose, plan, note } of services) {
      if (compose.environment === undefined) continue
      note(id, ['environment'], 'kept', 'each variable as the program would see it under Compose')
      for (const [name, value] of Object.entries(compose.environment)) {
        if (value === null)
          note(id, ['environment', name], 'ignored', 'named without a value and set nowhere')
        else if (!isEnvironmentName(name))
          note(id, ['environment', name], 'dropped', 'not a name that every Kubernetes takes', {
            dangerous: true,
          })
        else plan.environment[name] = value
      }
    }
  },
  build({ workloads }) {
    for (const { from, program } of workloads) {
      const variables = Object.entries(from.plan.environment)
      if (variables.length > 0)
        program.env = variables.map(([name, value]) => ({ name, value: literal(value) }))
    }
  },
} satisfies Adaptation
