// Shows a name.
export const Name = ({ name }: Props) => <b>{name.trim()}</b>;
export default class Page extends Component<Props> {
  render() { return <Name name="x" />; }
}
