/** Makes absolute paths in a text relative to where the user is, or to the project. */
export function shortPaths(...directories: string[]): (text: string) => string {
  const known = directories.filter((directory) => directory !== '/')
  return (text) => known.reduce((short, directory) => short.replaceAll(`${directory}/`, ''), text)
}
