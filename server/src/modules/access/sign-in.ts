import { betterAuth } from "better-auth";
import pg from "pg";

export const SHORTEST_PASSWORD = 10;

export type SignIn = {
  /** Answers /api/auth/*. */
  handle(request: Request): Promise<Response>;
  /** The signed-in user of a request's cookies, if any. */
  userOf(headers: Headers): Promise<{ id: string; name: string; email: string; language: string } | undefined>;
  /** Creates a user with a password, or gives back the id of the one with that e-mail and leaves their password alone. */
  createUser(user: {
    email: string;
    name: string;
    password: string;
    language?: string;
  }): Promise<{ id: string; isNew: boolean }>;
  checkPassword(email: string, password: string): Promise<boolean>;
  close(): Promise<void>;
};

/** Header that carries the peer's address to the rate limiter; set by our edge only, never taken from the outside. */
export const PEER_HEADER = "x-encours-peer";

export function createSignIn(settings: {
  appUrl: string;
  secret: string;
  publicUrl: string;
  isTest?: boolean;
}): SignIn {
  const pool = new pg.Pool({ connectionString: settings.appUrl, max: 4, options: "-c search_path=sign_in" });
  pool.on("error", () => {
    // Reopened on the next request.
  });
  const auth = betterAuth({
    database: pool,
    secret: settings.secret,
    baseURL: settings.publicUrl,
    basePath: "/api/auth",
    trustedOrigins: (request) => (request ? [sameOrigin(request)] : []),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: 200,
    },
    user: { additionalFields: { language: { type: "string", defaultValue: "fr", input: true } } },
    session: { expiresIn: 60 * 60 * 12, updateAge: 60 * 30 },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 300,
      customRules: { "/sign-in/email": { window: 60, max: settings.isTest ? 1_000 : 10 }, "/get-session": false },
    },
    advanced: {
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
      useSecureCookies: settings.publicUrl.startsWith("https:"),
    },
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
  return {
    handle: (request) => auth.handler(request),
    userOf: async (headers) => {
      const session = await auth.api.getSession({ headers });
      if (!session) return undefined;
      const { id, name, email, language } = session.user;
      return { id, name, email, language: language ?? "fr" };
    },
    createUser: async ({ email, name, password, language }) => {
      const context = await auth.$context;
      const known = await context.internalAdapter.findUserByEmail(email.toLowerCase());
      if (known) return { id: known.user.id, isNew: false };
      const hash = await context.password.hash(password);
      const user = await context.internalAdapter.createUser(
        { email: email.toLowerCase(), name, emailVerified: true, language: language ?? "fr" },
        { method: "email-password" },
      );
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: "credential",
        accountId: user.id,
        password: hash,
      });
      return { id: user.id, isNew: true };
    },
    checkPassword: async (email, password) => {
      const context = await auth.$context;
      const found = await context.internalAdapter.findUserByEmail(email.toLowerCase(), { includeAccounts: true });
      const hash = found?.accounts.find((account) => account.providerId === "credential")?.password;
      return hash ? context.password.verify({ hash, password }) : false;
    },
    close: () => pool.end(),
  };
}

/** The page that calls us must be ours: same scheme and host as the request itself. */
function sameOrigin(request: Request): string {
  const url = new URL(request.url);
  return `${url.protocol}//${request.headers.get("host") ?? url.host}`;
}
