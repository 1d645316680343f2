import { laborious, tooLarge } from './hostile-inputs.ts'
import { loadProject, memoryFiles } from './index.ts'

/** Loads every hostile input, one after the other, and prints the most memory that was held, in MiB. */
for (const input of Object.values({ ...tooLarge, ...laborious })) {
  const contents = Object.entries(input()).map(([name, text]) => [`/w/${name}`, text])
  loadProject({
    files: memoryFiles(Object.fromEntries(contents)),
    workingDirectory: '/w',
    environment: {},
  })
}
process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)))
