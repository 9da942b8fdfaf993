// SPDX-License-Identifier: Apache-2.0
// Who may call: people with passwords, machines with tokens.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post, remove, type Schemas } from '../api/client.ts';
import { useGet } from '../api/use.ts';
import { Ask, Await, Button, Field, Modal, ProblemLine, useAction } from '../frame/parts.tsx';
import { useSession } from '../frame/session.ts';
import { day, t } from '../text/index.ts';

type Role = NonNullable<Schemas['Role']>;
const roles: Role[] = ['read_only', 'reviewer', 'admin'];
const kPassword = 12;

function RoleField({ value = 'read_only' }: { value?: Role }): JSX.Element {
  const [role, setRole] = useState<Role>(value);
  return (
    <Field label={t('account.role')} hint={t(`role.${role}_what`)}>
      <select name="role" value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>{roles.map((one) => <option key={one} value={one}>{t(`role.${one}`)}</option>)}</select></Field>
  );
}

export function Users(): JSX.Element {
  const users = useGet('/v1/users');
  const me = useSession().user;
  const [editing, setEditing] = useState<{ user: string; role: Role } | null>(null);
  const [removing, setRemoving] = useState('');
  return (
    <>
      <p class="pad"><Button kind="primary large" onClick={() => setEditing({ user: '', role: 'read_only' })}>{t('users.add')}</Button></p>
      <Await {...users}>{(data) => (
        <table class="rows"><thead><tr><th scope="col">{t('signin.user')}</th><th scope="col">{t('account.role')}</th><th scope="col"><span class="visually-hidden">{t('col.actions')}</span></th></tr></thead>
          <tbody>{data.items.map((one) => (
            <tr key={one.user}><th scope="row">{one.user}{one.user === me && <small class="faint">{t('users.you')}</small>}</th><td>{t(`role.${one.role ?? 'read_only'}`)}</td>
              <td class="act"><span class="row-actions end"><Button label={t('users.change_one', { user: one.user })} onClick={() => setEditing({ user: one.user, role: one.role ?? 'read_only' })}>{t('users.change')}</Button>
                {one.user !== me && <Button kind="danger" label={t('users.remove_one', { user: one.user })} onClick={() => setRemoving(one.user)}>{t('users.remove')}</Button>}</span></td></tr>
          ))}</tbody></table>
      )}</Await>
      {editing && <UserForm {...editing} onClose={() => { setEditing(null); users.reload(); }} />}
      {removing && <Ask title={t('users.remove_ask', { user: removing })} confirm={t('users.remove')} danger onClose={() => { setRemoving(''); users.reload(); }} work={() => remove('/v1/users/{user}', { user: removing })}><p>{t('users.remove_what')}</p></Ask>}
    </>
  );
}

function UserForm({ user, role, onClose }: { user: string; role: Role; onClose: () => void }): JSX.Element {
  const action = useAction();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void action.run(() => post('/v1/users', {}, { user: user || String(form.get('user')).trim(), password: String(form.get('password')), role: String(form.get('role')) as Role })).then((well) => { if (well) onClose(); });
  };
  return (
    <Modal title={user ? t('users.change_one', { user }) : t('users.add')} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        {!user && <Field label={t('signin.user')}><input name="user" required autocomplete="off" autocapitalize="none" /></Field>}
        <Field label={t('users.password')} hint={t('users.password_hint', { n: kPassword })}><input name="password" type="password" minLength={kPassword} required autocomplete="new-password" /></Field>
        <RoleField value={role} />
        <ProblemLine text={action.error} />
        <div class="row-actions end"><Button kind="large" onClick={onClose}>{t('action.cancel')}</Button><Button kind="large primary" submit busy={action.busy}>{t('action.save')}</Button></div>
      </form>
    </Modal>
  );
}

export function Tokens(): JSX.Element {
  const tokens = useGet('/v1/tokens');
  const [isMaking, setMaking] = useState(false);
  const [removing, setRemoving] = useState<Schemas['Token'] | null>(null);
  return (
    <>
      <p class="pad"><Button kind="primary large" onClick={() => setMaking(true)}>{t('tokens.add')}</Button></p>
      <Await {...tokens}>{(data) => data.items.length === 0 ? <div class="empty"><h2>{t('tokens.none')}</h2><p>{t('tokens.none_what')}</p></div> : (
        <table class="rows"><thead><tr><th scope="col">{t('tokens.name')}</th><th scope="col">{t('account.role')}</th><th scope="col">{t('tokens.grant')}</th><th scope="col">{t('tokens.made')}</th><th scope="col"><span class="visually-hidden">{t('col.actions')}</span></th></tr></thead>
          <tbody>{data.items.map((one) => (
            <tr key={one.id}><th scope="row">{one.name}</th><td>{t(`role.${one.role ?? 'read_only'}`)}</td><td data-label={t('tokens.grant')}>{t(one.scopes.includes('grant') ? 'state.yes' : 'state.no')}</td><td>{day(one.created_at)}</td>
              <td class="act"><Button kind="danger" label={t('tokens.revoke_one', { name: one.name })} onClick={() => setRemoving(one)}>{t('tokens.revoke')}</Button></td></tr>
          ))}</tbody></table>
      )}</Await>
      {isMaking && <TokenForm onClose={() => { setMaking(false); tokens.reload(); }} />}
      {removing && <Ask title={t('tokens.revoke_one', { name: removing.name })} confirm={t('tokens.revoke')} danger onClose={() => { setRemoving(null); tokens.reload(); }} work={() => remove('/v1/tokens/{id}', { id: removing.id })}><p>{t('tokens.revoke_what')}</p></Ask>}
    </>
  );
}

function TokenForm({ onClose }: { onClose: () => void }): JSX.Element {
  const action = useAction();
  const [made, setMade] = useState<Schemas['NewToken'] | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void action.run(async () => setMade(await post('/v1/tokens', {}, { name: String(form.get('name')).trim(), role: String(form.get('role')) as Role, scopes: form.get('grant') ? ['grant'] : [] })));
  };
  return (
    <Modal title={t('tokens.add')} onClose={onClose}>
      {made ? (
        <div class="stack"><p>{t('tokens.once')}</p><p class="command wrap" id="token">{made.token}</p>
          <div class="row-actions end"><Button kind="large" onClick={() => void navigator.clipboard?.writeText(made.token)}>{t('action.copy')}</Button><Button kind="large primary" onClick={onClose}>{t('tokens.kept')}</Button></div></div>
      ) : (
        <form class="stack" onSubmit={submit}>
          <Field label={t('tokens.name')} hint={t('tokens.name_hint')}><input name="name" required maxLength={100} autocomplete="off" /></Field>
          <RoleField />
          <label class="check"><input type="checkbox" name="grant" value="1" /><span>{t('tokens.grant_what')}</span></label>
          <ProblemLine text={action.error} />
          <div class="row-actions end"><Button kind="large" onClick={onClose}>{t('action.cancel')}</Button><Button kind="large primary" submit busy={action.busy}>{t('tokens.make')}</Button></div>
        </form>
      )}
    </Modal>
  );
}
