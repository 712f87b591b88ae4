import type { Connector } from "../connector/connector.ts";
import { folderConnector } from "./folder/folder.ts";
import { pushConnector } from "./push/push.ts";
import { sage100 } from "./sage100/sage100.ts";
import { sftpConnector } from "./sftp/sftp.ts";

/** Every connector of the product, in the order in which they are offered. */
const CONNECTORS: readonly Connector[] = [folderConnector, sftpConnector, sage100, pushConnector];

export const connectorOf = (key: string): Connector | undefined => CONNECTORS.find((one) => one.key === key);
export const allConnectors = (): readonly Connector[] => CONNECTORS;
