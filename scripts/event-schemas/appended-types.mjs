import { relative } from 'node:path';
import ts from 'typescript';
import { placeOf, projectOf } from './read-event-types.mjs';

const PROGRAM_CODE = /^(apps|libs)\//;
const TEST_CODE = /\.spec\.tsx?$|^libs\/testing\/|\/testing\//;

/**
 * Finds the types of the events that the program appends: what is handed to `EventStore.append`, and to functions that pass their
 * parameter on to it. Test code does not count.
 *
 * @param {string} root
 * @returns {{ types: Map<string, string>, problems: string[] }} type → one place where it is appended
 */
export function findAppendedTypes(root) {
  const { fileNames, options } = projectOf(root);
  const nameOf = (file) => relative(root, file).replaceAll('\\', '/');
  const own = fileNames.filter((file) => PROGRAM_CODE.test(nameOf(file)) && !TEST_CODE.test(nameOf(file)));
  const program = ts.createProgram(own, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const calls = own.flatMap((file) => callsIn(program.getSourceFile(file)));
  const types = new Map();
  const problems = [];
  const where = (node) => placeOf(node, root);

  /** Functions that append what their parameter holds. */
  const sinks = [];
  const addSink = (declaration, parameter) => {
    const index = declaration.parameters.indexOf(parameter);
    if (!sinks.some((sink) => sink.declaration === declaration && sink.index === index)) sinks.push({ declaration, index });
  };
  for (const file of own) {
    for (const parameter of storeParameters(program.getSourceFile(file))) addSink(parameter.parent, parameter);
  }
  if (sinks.length === 0)
    problems.push('no class EventStore with a method append(…, events, …) was found: tell this script how events are appended now');
  // Sinks are found while others are followed.
  for (const { declaration, index } of sinks) {
    const name = declaration.name?.getText();
    for (const call of calls) {
      if (name === undefined || nameOfCallee(call) !== name || checker.getResolvedSignature(call)?.declaration !== declaration) continue;
      const events = call.arguments[index];
      if (events !== undefined) follow(events);
    }
  }
  return { types, problems };

  function add(type, node) {
    if (!types.has(type)) types.set(type, where(node));
  }

  /** @param {ts.Expression} expression a list of events */
  function follow(expression) {
    const list = bare(expression);
    if (ts.isArrayLiteralExpression(list)) {
      for (const element of list.elements) {
        if (ts.isSpreadElement(element)) follow(element.expression);
        else followOne(element);
      }
    } else if (ts.isConditionalExpression(list)) {
      follow(list.whenTrue);
      follow(list.whenFalse);
    } else {
      const element = checker.getIndexTypeOfType(checker.getTypeAtLocation(list), ts.IndexKind.Number);
      if (element !== undefined && addTypesOf(element, list)) return;
      followOrigin(list, follow);
    }
  }

  /** @param {ts.Expression} expression one event */
  function followOne(expression) {
    const event = bare(expression);
    if (ts.isObjectLiteralExpression(event)) {
      const type = event.properties.find((property) => property.name?.getText() === 'type');
      const value = type && ts.isPropertyAssignment(type) ? type.initializer : type?.name;
      if (value !== undefined && addLiterals(checker.getTypeAtLocation(value), event)) return;
    } else if (ts.isConditionalExpression(event)) {
      followOne(event.whenTrue);
      followOne(event.whenFalse);
      return;
    } else if (addTypesOf(checker.getTypeAtLocation(event), event)) return;
    followOrigin(event, followOne);
  }

  /** Where a name comes from: a parameter, whose callers are then followed, or a constant. */
  function followOrigin(expression, next) {
    const symbol = ts.isIdentifier(expression) ? checker.getSymbolAtLocation(expression) : undefined;
    const declaration = symbol?.valueDeclaration;
    if (declaration !== undefined && ts.isParameter(declaration) && next === follow) addSink(declaration.parent, declaration);
    else if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
      next(declaration.initializer);
    } else {
      problems.push(`${where(expression)}: which events are appended here cannot be told; give them a type such as readonly PeriodEvent[]`);
    }
  }

  /** @returns {boolean} whether the type of event says which one it is */
  function addTypesOf(event, node) {
    const property = checker.getPropertyOfType(event, 'type');
    return property !== undefined && addLiterals(checker.getTypeOfSymbol(property), node);
  }

  function addLiterals(type, node) {
    const members = type.isUnion() ? type.types : [type];
    if (!members.every((member) => member.isStringLiteral())) return false;
    for (const member of members) add(member.value, node);
    return true;
  }
}

/** The parameter `events` of `EventStore.append`. */
function storeParameters(source) {
  return source.statements
    .filter((statement) => ts.isClassDeclaration(statement) && statement.name?.text === 'EventStore')
    .flatMap((store) => store.members.filter((member) => ts.isMethodDeclaration(member) && member.name.getText(source) === 'append'))
    .flatMap((append) => append.parameters.filter((parameter) => parameter.name.getText(source) === 'events'));
}

function bare(expression) {
  return ts.isParenthesizedExpression(expression) || ts.isSatisfiesExpression(expression) ? bare(expression.expression) : expression;
}

function nameOfCallee(call) {
  const callee = call.expression;
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : undefined;
}

function callsIn(source) {
  const calls = [];
  const visit = (node) => {
    if (ts.isCallExpression(node)) calls.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}
