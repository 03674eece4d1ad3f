/** What a filter becomes when it is called so, or undefined: the engine's own takes it as it is. */
export function filterCall(name: string, value: string, args: readonly string[], isHtml: boolean): string | undefined {
  switch (name) {
    case 'join': {
      const { separator = '""', attribute } = namedArguments(args, ['separator', 'attribute'], { d: 'separator' });
      return attribute === undefined ? undefined : `${value}|map(attribute=${attribute})|join(${separator})`;
    }
    // What is undefined has no items in Jinja2.
    case 'length':
    case 'count':
      return `${value}|default([])|length`;
    case 'default':
    case 'd':
      return defaultCall(value, args, isHtml);
    case 'trim':
      return args.length > 0 ? ours(name, value, args) : undefined;
    case 'replace':
      return args.length > 2 ? ours(name, value, args) : undefined;
    case 'indent':
      return args.length > 2 || args.some((argument) => /^\w+=/.test(argument)) ? ours(name, value, args) : undefined;
    case 'tojson':
      return isHtml || args.length > 0 ? undefined : ours(name, value, args);
    default:
      return undefined;
  }
}

/** With `true` everything that is false gives way, amounts of zero too, which only we know; HTML keeps what is marked as safe. */
function defaultCall(value: string, args: readonly string[], isHtml: boolean): string | undefined {
  const { otherwise = '""', boolean } = namedArguments(args, ['otherwise', 'boolean'], { default_value: 'otherwise' });
  if (boolean !== undefined && /^true$/i.test(boolean)) {
    return isHtml ? `(${value} if _truth(${value}) else ${otherwise})` : ours('default', value, [otherwise]);
  }
  return `${value}|default(${[otherwise, ...(boolean === undefined ? [] : [boolean])].join(', ')})`;
}

function ours(name: string, value: string, args: readonly string[]): string {
  return `_filter("${name}", ${[value, ...args].join(', ')})`;
}

/** Positional arguments and those given by name, under the names that are listed in the order of the positions. */
function namedArguments(
  args: readonly string[],
  names: readonly string[],
  aliases: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const found: Record<string, string | undefined> = {};
  args.forEach((argument, index) => {
    const [, name, given] = /^([A-Za-z_]\w*)=(?!=)(.*)$/s.exec(argument) ?? [];
    const key = name === undefined ? names[index] : (aliases[name] ?? name);
    if (key !== undefined) found[key] = given ?? argument;
  });
  return found;
}
