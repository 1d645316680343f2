// One line for each thing that this machine lacks for a local cluster; nothing when it can run one.
import { missingRequirements } from '@landfall/local-cluster'

for (const { missing, hint } of missingRequirements())
  process.stdout.write(`${missing} (${hint})\n`)
