// One line for each thing that this machine lacks for a local cluster, or with `api` for an API server without nodes; nothing
// when it can run one.
import { missingForApiServer, missingRequirements } from '@landfall/local-cluster'

const missing = process.argv[2] === 'api' ? missingForApiServer() : missingRequirements('build')
for (const { missing: what, hint } of missing) process.stdout.write(`${what} (${hint})\n`)
