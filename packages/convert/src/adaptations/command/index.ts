import type { Adaptation } from '../../adaptation.ts'
import { literal } from '../../pod.ts'

const id = 'command'

export default {
  id,
  title: 'Start the program with its entrypoint, command and working directory',
  plan({ services }) {
    for (const { compose, note } of services) {
      const { entrypoint, command, working_dir } = compose
      if (entrypoint !== undefined)
        note(
          id,
          ['entrypoint'],
          'kept',
          'replaces the entrypoint of the image, whose command is then not used',
        )
      if (command !== undefined) note(id, ['command'], 'kept', 'replaces the command of the image')
      if (working_dir !== undefined) note(id, ['working_dir'], 'kept', 'workingDir')
      for (const key of ['tty', 'stdin_open'] as const)
        if (compose[key] !== undefined) note(id, [key], 'kept', 'as the container has it')
      if (compose.init === true)
        note(
          id,
          ['init'],
          'dropped',
          'the program is process 1: it has to collect its own dead children, and to listen for SIGTERM or it is killed when its time to stop is over',
          { hint: 'start it with tini or dumb-init in its image' },
        )
      else if (compose.init === false) note(id, ['init'], 'kept', 'the program is process 1')
    }
  },
  build({ workloads }) {
    for (const { from, program } of workloads) {
      const { plan, compose } = from
      const entrypoint = plan.entrypoint?.map(literal)
      const command = plan.command?.map(literal)
      const cleared = entrypoint?.length === 0
      if (entrypoint !== undefined && !cleared) program.command = entrypoint
      if (command !== undefined && command.length > 0)
        program[cleared ? 'command' : 'args'] = command
      if (compose.working_dir !== undefined) program.workingDir = compose.working_dir
      if (compose.tty === true) program.tty = true
      if (compose.stdin_open === true) program.stdin = true
    }
  },
} satisfies Adaptation
