import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as parties from "#contracts/parties.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type TimelinePage = Of<typeof parties.TimelinePage>;
export type SubjectType = Of<typeof parties.NoteSubject>;

export const customerQuery = (customerId: string) =>
  queryOptions({
    queryKey: ["customers", customerId, "one"],
    queryFn: ({ signal }) => api.get<parties.Customer>(`/customers/${customerId}`, undefined, signal),
  });

export const contactsQuery = (customerId: string) =>
  queryOptions({
    queryKey: ["customers", customerId, "contacts"],
    queryFn: ({ signal }) =>
      api.get<Of<typeof parties.ContactList>>(`/customers/${customerId}/contacts`, undefined, signal),
  });

export const notesQuery = (subjectType: SubjectType, subjectId: string) =>
  queryOptions({
    queryKey: ["notes", subjectType, subjectId],
    queryFn: ({ signal }) => api.get<Of<typeof parties.NoteList>>("/notes", { subjectType, subjectId }, signal),
  });

export const timelineQuery = (customerId: string, filter: { rooms?: string; text?: string; group?: string }) =>
  infiniteQueryOptions({
    queryKey: ["customers", customerId, "timeline", filter],
    queryFn: ({ signal, pageParam }) =>
      api.get<TimelinePage>(`/customers/${customerId}/timeline`, { ...filter, limit: 50, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const actions = {
  changeCustomer: (customerId: string, version: number, body: parties.CustomerWrite) =>
    api.put<parties.Customer>(`/customers/${customerId}`, body, { ifMatch: version }),
  takeSource: (customerId: string, version: number, field: string) =>
    api.post<parties.Customer>(`/customers/${customerId}/take-source`, { field }, { ifMatch: version }),
  addContact: (customerId: string, body: parties.ContactWrite) =>
    api.post<parties.Contact>(`/customers/${customerId}/contacts`, body),
  changeContact: (contact: parties.Contact, body: parties.ContactWrite) =>
    api.put<parties.Contact>(`/contacts/${contact.id}`, body, { ifMatch: contact.version }),
  removeContact: (contactId: string) => api.delete(`/contacts/${contactId}`),
  bringBackContact: (contactId: string) => api.post(`/contacts/${contactId}/bring-back`),
  addNote: (body: Of<typeof parties.NoteWrite>) => api.post<parties.Note>("/notes", body),
  changeNote: (note: parties.Note, body: Of<typeof parties.NoteChange>) =>
    api.put<parties.Note>(`/notes/${note.id}`, body, { ifMatch: note.version }),
  removeNote: (noteId: string) => api.delete(`/notes/${noteId}`),
  bringBackNote: (noteId: string) => api.post(`/notes/${noteId}/bring-back`),
};
