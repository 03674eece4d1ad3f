import { relative, resolve } from 'node:path';
import ts from 'typescript';
import { descriptionOf, SchemaWriter } from './schema-of-type.mjs';

/** Written into every schema's `$id`: a name, not an address. */
const ID_PREFIX = 'urn:openchargeback:event';

/**
 * @typedef {object} EventType
 * @property {string} type
 * @property {number} version of its schema: 1, and one more for every upcaster
 * @property {string} description
 * @property {string[]} streams names of its streams, such as `period-<period>`
 * @property {object} schema of its data
 */

/**
 * Reads every `type X = Event<'X', {…}>` in files `….events.ts` below libs/, with the upcasters in files `….upcasters.ts`.
 *
 * @param {string} root folder with `libs/` and a tsconfig.json
 * @returns {{ types: EventType[], problems: string[] }} sorted by type; with a problem the types are incomplete
 */
export function readEventTypes(root) {
  const problems = [];
  const files = (ending) => ts.sys.readDirectory(resolve(root, 'libs'), [`.${ending}.ts`], ['**/node_modules', '**/dist'], ['**/*']);
  const eventFiles = files('events');
  const upcasterFiles = files('upcasters');
  const program = ts.createProgram([...eventFiles, ...upcasterFiles], compilerOptions(root));
  const checker = program.getTypeChecker();
  const where = (node) => placeOf(node, root);

  const versions = readUpcasters(upcasterFiles.map((file) => program.getSourceFile(file)));
  const types = new Map();
  for (const file of eventFiles.sort()) readFile(program.getSourceFile(file));
  for (const [type, { from, node }] of versions) {
    if (!types.has(type)) problems.push(`${where(node)}: there is no event type ${type} for this upcaster${from.length > 1 ? 's' : ''}`);
  }
  return { types: [...types.values()].sort((a, b) => (a.type < b.type ? -1 : 1)), problems };

  function readFile(source) {
    const streams = readStreams(source);
    for (const statement of source.statements.filter(ts.isTypeAliasDeclaration)) {
      if (!isEventReference(statement.type, checker)) continue;
      const name = statement.name.text;
      const [typeNode, dataNode] = statement.type.typeArguments ?? [];
      const type = typeNode && checker.getTypeFromTypeNode(typeNode);
      if (dataNode === undefined || !type?.isStringLiteral() || type.value !== name) {
        problems.push(`${where(statement)}: ${name} is no event type of its own name; write type ${name} = Event<'${name}', {…}>`);
        continue;
      }
      if (types.has(name)) problems.push(`${where(statement)}: there are two event types ${name}; rename one`);
      const symbol = checker.getSymbolAtLocation(statement.name);
      const description = descriptionOf(symbol, checker);
      if (description === '') problems.push(`${where(statement)}: ${name} has no doc comment; write above it what the event says`);
      const version = 1 + (versions.get(name)?.from.length ?? 0);
      const writer = new SchemaWriter(program, ({ path }, what) =>
        problems.push(`${where(statement)}: ${path === '' ? 'the data' : path} of ${name} ${what}`),
      );
      const { description: _, ...schema } = writer.write(checker.getTypeFromTypeNode(dataNode), { path: '', name: '' });
      types.set(name, {
        type: name,
        version,
        description,
        streams: streamsOf(statement, symbol, streams),
        schema: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          $id: `${ID_PREFIX}:${name}:v${version}`,
          title: name,
          description,
          ...schema,
        },
      });
    }
  }

  /**
   * `@stream name` of the type's doc comment, or else the function of the file that names streams; of several the one whose name the
   * type's begins with; a constant where there is no function.
   */
  function streamsOf(statement, symbol, streams) {
    const name = statement.name.text;
    const tags = symbol.getJsDocTags().filter((tag) => tag.name === 'stream');
    if (tags.length > 0) {
      return tags.flatMap((tag) => {
        const named = ts.displayPartsToString(tag.text).trim();
        const found = streams.get(named);
        if (found === undefined) problems.push(`${where(statement)}: @stream ${named} of ${name} is no function or constant of its file`);
        return found ?? [];
      });
    }
    const functions = [...streams].filter(([stream]) => stream.endsWith('Stream'));
    const candidates = functions.length > 0 ? functions : [...streams];
    const startOfName = name.toLowerCase();
    const [best] = candidates
      .filter(([stream]) => candidates.length === 1 || startOfName.startsWith(stream.replace(/Stream$/, '').toLowerCase()))
      .sort(([a], [b]) => b.length - a.length);
    if (best === undefined) {
      problems.push(
        `${where(statement)}: in which stream ${name} stands is not told; export function …Stream beside it, or name one by @stream`,
      );
    }
    return best === undefined ? [] : [best[1]];
  }

  function readUpcasters(sources) {
    const found = new Map();
    for (const source of sources) {
      const upcasters = objectsWith(source, 'upcast');
      if (upcasters.length === 0) problems.push(`${where(source)}: no upcaster found; write { type: 'X', from: 1, upcast: (data) => … }`);
      for (const node of upcasters) {
        const type = memberOf(node, 'type');
        const from = memberOf(node, 'from');
        if (type === undefined || from === undefined || !ts.isStringLiteralLike(type) || !ts.isNumericLiteral(from)) {
          problems.push(`${where(node)}: an upcaster's type and from must be literals, so that its schema version can be read`);
          continue;
        }
        const earlier = found.get(type.text);
        found.set(type.text, { from: [...(earlier?.from ?? []), Number(from.text)].sort((a, b) => a - b), node });
      }
    }
    for (const [type, { from, node }] of found) {
      if (from.some((version, index) => version !== index + 1)) {
        problems.push(`${where(node)}: the upcasters of ${type} read the versions ${from.join(', ')}; they must follow each other from 1`);
      }
    }
    return found;
  }
}

/** @param {string} root @returns {ts.CompilerOptions} those of its tsconfig.json */
export function compilerOptions(root) {
  return { ...projectOf(root).options, noEmit: true };
}

/** @param {string} root @returns {ts.ParsedCommandLine} */
export function projectOf(root) {
  const onUnRecoverableConfigFileDiagnostic = ({ messageText }) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
  };
  return ts.getParsedCommandLineOfConfigFile(resolve(root, 'tsconfig.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic });
}

/** @returns {string} `file:line` of a node, from the root */
export function placeOf(node, root) {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return `${relative(root, source.fileName).replaceAll('\\', '/')}:${line + 1}`;
}

/** Is it `Event<…>`, by the name it was declared with? */
function isEventReference(node, checker) {
  if (!ts.isTypeReferenceNode(node) || node.typeArguments === undefined) return false;
  const symbol = checker.getSymbolAtLocation(node.typeName);
  const declared = symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return declared?.name === 'Event';
}

/** Streams a file names: functions `…Stream` that give a text, and constants `…_STREAM`. @returns {Map<string, string>} */
function readStreams(source) {
  const streams = new Map();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text.endsWith('Stream')) {
      const answer = statement.body?.statements.find(ts.isReturnStatement)?.expression;
      if (answer !== undefined) streams.set(statement.name.text, textOf(answer));
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name) && name.text.endsWith('_STREAM') && initializer !== undefined)
          streams.set(name.text, textOf(initializer));
      }
    }
  }
  return streams;
}

/** `period-${period}` as `period-<period>`. */
function textOf(expression) {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (!ts.isTemplateExpression(expression)) return expression.getText();
  return expression.head.text + expression.templateSpans.map((span) => `<${lastName(span.expression)}>${span.literal.text}`).join('');
}

function lastName(expression) {
  if (ts.isCallExpression(expression) && expression.arguments.length > 0) return lastName(expression.arguments[0]);
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function objectsWith(source, member) {
  const found = [];
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node) && memberOf(node, member) !== undefined) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A member's value: of a shorthand or a method the member itself. */
function memberOf(object, name) {
  const member = object.properties.find(
    (property) => property.name !== undefined && 'text' in property.name && property.name.text === name,
  );
  return member !== undefined && ts.isPropertyAssignment(member) ? member.initializer : member;
}
