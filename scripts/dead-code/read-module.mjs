import { basename } from 'node:path';
import ts from 'typescript';

/**
 * @typedef {object} Export
 * @property {number} line
 * @property {boolean} isType an interface or type alias
 * @property {boolean} isNamedElsewhereInFile its own file names it besides declaring it
 * @property {{ target: string, name: string }} [reExportOf] where it comes from; name `*` for a whole namespace
 *
 * @typedef {object} Module
 * @property {Map<string, Export>} exports by exported name
 * @property {string[]} starReExports files of `export * from`
 * @property {{ target: string, name: string }[]} imports names taken from other files; `*` for all
 * @property {Set<string>} targets files this one imports in any way
 * @property {Set<string>} namedFiles file names (without folder, `.js` written as `.ts`) that occur as a text
 */

/**
 * Reads what a file imports and exports from its syntax alone.
 *
 * @param {string} path
 * @param {string} text
 * @param {(specifier: string, file: string) => string | undefined} resolveImport answers undefined for packages
 * @returns {Module}
 */
export function readModule(path, text, resolveImport) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {Module} */
  const module = { exports: new Map(), starReExports: [], imports: [], targets: new Set(), namedFiles: new Set() };
  const identifiers = countIdentifiers(source);

  const targetOf = (specifier) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return undefined;
    const target = resolveImport(specifier.text, path);
    if (target !== undefined) module.targets.add(target);
    return target;
  };
  const addImport = (target, name) => {
    if (target !== undefined) module.imports.push({ target, name });
  };
  const addExport = (node, name, details = {}) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    module.exports.set(name, { line, isType: false, isNamedElsewhereInFile: (identifiers.get(name) ?? 0) > 1, ...details });
  };

  /** Names that this file imports, by local name: `import { a as b }` then `export { b }` is a re-export of a. */
  const imported = new Map();

  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const target = targetOf(statement.moduleSpecifier);
      for (const { local, name } of importedNames(statement.importClause)) {
        if (target !== undefined) imported.set(local, { target, name });
        addImport(target, name);
      }
    } else if (ts.isExportDeclaration(statement)) {
      readExportDeclaration(statement, targetOf(statement.moduleSpecifier));
    } else if (ts.isExportAssignment(statement)) {
      addExport(statement, 'default');
    } else if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
      const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
      const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
      for (const name of declaredNames(statement)) addExport(statement, isDefault ? 'default' : name, { isType });
    }
  }
  readExpressions(source);
  return module;

  function readExportDeclaration(statement, target) {
    const clause = statement.exportClause;
    if (clause === undefined) {
      if (target !== undefined) module.starReExports.push(target);
    } else if (ts.isNamespaceExport(clause)) {
      addExport(statement, clause.name.text, target === undefined ? {} : { reExportOf: { target, name: '*' } });
    } else {
      for (const element of clause.elements) {
        const original = (element.propertyName ?? element.name).text;
        const origin = statement.moduleSpecifier === undefined ? imported.get(original) : target && { target, name: original };
        addExport(element, element.name.text, origin === undefined ? {} : { reExportOf: origin });
      }
    }
  }

  /** Finds `import('./x.js')`, `import('./x.js').Type`, and texts such as `'render.worker.js'` by which another process or thread is started. */
  function readExpressions(node) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      addImport(targetOf(node.arguments[0]), '*');
      return;
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      addImport(targetOf(node.argument.literal), node.qualifier === undefined ? '*' : node.qualifier.getText(source).split('.')[0]);
      node.typeArguments?.forEach(readExpressions);
      return;
    } else if (ts.isStringLiteralLike(node) && /^[\w./-]+\.[jt]s$/.test(node.text)) {
      module.namedFiles.add(basename(node.text).replace(/\.js$/, '.ts'));
    }
    ts.forEachChild(node, readExpressions);
  }
}

function* importedNames(clause) {
  if (clause === undefined) return;
  if (clause.name !== undefined) yield { local: clause.name.text, name: 'default' };
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) yield { local: bindings.name.text, name: '*' };
  else for (const element of bindings.elements) yield { local: element.name.text, name: (element.propertyName ?? element.name).text };
}

function* declaredNames(statement) {
  if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations) yield* boundNames(declaration.name);
  } else {
    yield statement.name?.text ?? 'default';
  }
}

function* boundNames(name) {
  if (ts.isIdentifier(name)) yield name.text;
  else for (const element of name.elements) if (ts.isBindingElement(element)) yield* boundNames(element.name);
}

function hasModifier(node, kind) {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}

function countIdentifiers(source) {
  const counts = new Map();
  const visit = (node) => {
    if (ts.isIdentifier(node)) counts.set(node.text, (counts.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return counts;
}
