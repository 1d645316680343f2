/**
 * Makes absolute paths below a project relative to where the user is, or to the project. Others stay: a path of the machine next to the
 * working directory means something else without it.
 */
export function shortPaths(cwd: string, project = cwd): (text: string) => string {
  const isBelow = project === cwd || project.startsWith(`${cwd}/`)
  const known = isBelow ? [[project, project.slice(cwd.length + 1)]] : [[project, '']]
  return (text) =>
    known.reduce(
      (short, [directory = '', name = '']) =>
        directory === '/'
          ? short
          : short.replaceAll(`${directory}/`, name === '' ? '' : `${name}/`),
      text,
    )
}
