/**
 * The project's own lint rules: who may import whom, third-party code through the import map only, and three habits.
 *
 * @module
 */
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { OUTSIDE, refusal, STD } from "./boundaries.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Path of a file, relative to the project's root. */
function place(file: string): string {
  return relative(ROOT, resolve(file)).replaceAll("\\", "/");
}

/** The file that a relative specifier names, relative to the project's root. */
function target(file: string, specifier: string): string {
  return place(resolve(dirname(resolve(file)), specifier));
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith("./") || specifier.startsWith("../");
}

type Visit = (
  node: Deno.lint.Node,
  specifier: string,
) => void;

/** Visits everything that names a module: static and dynamic imports, re-exports, import types, worker and module URLs. */
function specifiers(visit: Visit): Deno.lint.LintVisitor {
  function literal(node: Deno.lint.Node | null | undefined): void {
    if (node?.type === "Literal" && typeof node.value === "string") {
      visit(node, node.value);
    }
  }
  return {
    ImportDeclaration: (node) => literal(node.source),
    ExportAllDeclaration: (node) => literal(node.source),
    ExportNamedDeclaration: (node) => literal(node.source),
    ImportExpression: (node) => literal(node.source),
    TSImportType(node) {
      const argument = node.argument;
      literal(argument.type === "TSLiteralType" ? argument.literal : argument);
    },
    "NewExpression[callee.name='URL']"(node: Deno.lint.NewExpression) {
      const [path, base] = node.arguments;
      if (base?.type === "MemberExpression" && isModule(path)) literal(path);
    },
    "CallExpression[callee.property.name='resolve']"(
      node: Deno.lint.CallExpression,
    ) {
      const callee = node.callee;
      const ofMeta = callee.type === "MemberExpression" &&
        callee.object.type === "MetaProperty";
      if (ofMeta && isModule(node.arguments[0])) literal(node.arguments[0]);
    },
  };
}

function isModule(node: Deno.lint.Node | undefined): boolean {
  return node?.type === "Literal" && typeof node.value === "string" &&
    isRelative(node.value) && node.value.endsWith(".ts");
}

const boundaries: Deno.lint.Rule = {
  create(context) {
    const from = place(context.filename);
    return specifiers((node, specifier) => {
      if (!isRelative(specifier)) return;
      const message = refusal(from, target(context.filename, specifier));
      if (message !== null) context.report({ node, message });
    });
  },
};

const thirdParty: Deno.lint.Rule = {
  create(context) {
    const from = place(context.filename);
    return specifiers((node, specifier) => {
      if (/^(npm|jsr|https?):/i.test(specifier)) {
        context.report({
          node,
          message: "Third-party code is imported through the import map only",
          hint: "Add an exact version to the imports of deno.json.",
        });
      } else if (
        specifier.startsWith("@std/") && !from.startsWith(STD) &&
        !OUTSIDE.some((folder) => from.startsWith(folder))
      ) {
        context.report({
          node,
          message: `@std is imported through ${STD} only`,
          hint: "Its modules come without types; declare the function there.",
        });
      }
    });
  },
};

const privateFile: Deno.lint.Rule = {
  create(context) {
    return specifiers((node, specifier) => {
      if (!isRelative(specifier)) return;
      const to = target(context.filename, specifier);
      if (!/(^|\/)_[^/]*$/.test(to)) return;
      if (dirname(to) === dirname(place(context.filename))) return;
      context.report({ node, message: `${to} is private to its folder` });
    });
  },
};

const exportedArrow: Deno.lint.Rule = {
  create(context) {
    function check(node: Deno.lint.VariableDeclarator): void {
      if (node.init?.type !== "ArrowFunctionExpression") return;
      context.report({
        node,
        message: "A top-level function is a declaration, not an arrow",
      });
    }
    return {
      "Program > VariableDeclaration > VariableDeclarator": check,
      "ExportNamedDeclaration > VariableDeclaration > VariableDeclarator":
        check,
    };
  },
};

const hashPrivate: Deno.lint.Rule = {
  create(context) {
    function check(
      node: Deno.lint.MethodDefinition | Deno.lint.PropertyDefinition,
    ): void {
      if (node.accessibility !== "private") return;
      if (node.type === "MethodDefinition" && node.kind === "constructor") {
        return;
      }
      context.report({
        node,
        message: "A private member is written #name",
        hint: "`private` is checked by the compiler only.",
      });
    }
    return { MethodDefinition: check, PropertyDefinition: check };
  },
};

/** The plugin that `deno lint` loads. */
const plugin: Deno.lint.Plugin = {
  name: "recotem",
  rules: {
    boundaries,
    "third-party": thirdParty,
    "private-file": privateFile,
    "no-top-level-arrow": exportedArrow,
    "hash-private": hashPrivate,
  },
};
export default plugin;
