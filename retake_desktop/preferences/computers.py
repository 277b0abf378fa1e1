"""Other computers that index along: the cluster's address and token, and what its computers offer and do."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QPushButton

from retake_core.cluster.place import ClusterPlace, how_to_install, is_installed
from retake_core.protocol import answers
from retake_core.protocol.cluster_events import ComputersSeen, ComputerStatus
from retake_desktop.common import safe_text, wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.form import Page, paragraph, trouble_label
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.common.theme import icon, scaled, theme
from retake_desktop.engine.desk import Desk
from retake_desktop.preferences.join_box import JoinBox
from retake_desktop.preferences.token_box import TokenBox

ADDRESS = "computers/address"
"""In the window's state: what stood in the field while no other computer is used."""


class ComputersPage(Page):
    """The switch, the address, the token, and a list that follows the computers while the page is in view.

    Nobody is connected with before the switch is on or the button is clicked.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(self.tr("Other computers"))
        self._store, self._engine, self._state = desk.store, desk.engine, desk.window_state
        self._job = 0
        self._computers: tuple[ComputerStatus, ...] = ()
        self.installed = is_installed()
        self.note(
            self.tr(
                "Other computers of yours can index the recordings that they see, on a network drive or a copy, "
                "describe any and answer questions, each as far as it has the same models. Only what they find "
                "comes back: the library stays on this computer."
            )
        )
        self.missing = trouble_label()
        self.column.addWidget(self.missing)
        self.switch = QCheckBox()
        self._about = self.row(self.tr("Use other computers"), self.switch, " ")
        self.address = QLineEdit()
        self.token = TokenBox(ClusterPlace.of(desk.data_dir))
        self.test = QPushButton()
        self.said = paragraph()
        self.trouble = trouble_label()
        self.list = QListWidget()
        self.about = paragraph()
        self.join = JoinBox()
        if self.installed:
            self._build()
        else:
            self.missing.setText(translated(how_to_install()))
            self.missing.show()
        self.switch.toggled.connect(self._turn)
        self.address.editingFinished.connect(self._enter)
        self.address.textChanged.connect(lambda _: self._enable())
        self.test.clicked.connect(self._test)
        self.list.currentRowChanged.connect(lambda _: self._explain())
        self._engine.answered.connect(self._take)
        self._store.changed.connect(self._show_settings)
        theme.changed.connect(self._show)
        self._show_settings()
        self._show()

    def shown(self) -> None:
        """Look at the computers that are used."""
        self.token.show_state()
        if self.installed and self._store.settings.cluster_address and not self._job:
            self._look()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Look no longer: the page is left."""
        super().hideEvent(event)
        if not event.spontaneous():  # that is what the desktop does with a window
            self._stop()

    def _build(self) -> None:
        self.address.setMinimumWidth(230)
        self.address.setPlaceholderText(self.tr("such as {address}").format(address="192.168.1.20:6379"))
        self.row(
            self.tr("Address"), self.address, self.tr("“retake cluster start” tells it on the other computer.")
        )
        self.section(self.tr("Token"))
        self.note(
            self.tr(
                "All computers of a cluster know one word, and let nobody in who does not. Whoever knows it can "
                "run programs on them: give it to no one else."
            )
        )
        self.column.addWidget(self.token)
        self.section(self.tr("Computers"))
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.test)
        line.addWidget(self.said, 1)
        self.column.addLayout(line)
        self.column.addWidget(self.trouble)
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("Computers"))
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setMinimumHeight(scaled(170))
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.about)
        self.section(self.tr("One more computer"))
        self.column.addWidget(self.join)

    def _turn(self, on: bool) -> None:
        if not self._store.change(cluster_address=self._typed() if on else ""):
            self._show_settings()
        elif on:
            self._look()
        else:
            self._stop()

    def _enter(self) -> None:
        """Take what was typed; while nobody is used, only remember it."""
        self._state.setValue(ADDRESS, self._typed())
        self.join.show_address(self._typed())
        before = self._store.settings.cluster_address
        if before and before != self._typed():
            self._stop()
            self._store.change(cluster_address=self._typed())

    def _typed(self) -> str:
        return self.address.text().strip()

    def _test(self) -> None:
        if self._job:
            self._stop()
        else:
            self._look()

    def _look(self) -> None:
        self._stop()
        self.trouble.hide()
        self.said.setText(self.tr("Connecting…"))
        self._job = self._engine.watch_cluster(self._typed())
        self._enable()

    def _stop(self) -> None:
        if self._job:
            self._engine.cancel(self._job)
        self._end("")

    def _end(self, trouble: str) -> None:
        """Show that nobody is looked at, and why."""
        self._job, self._computers = 0, ()
        self.said.setText("")
        self.trouble.setText(trouble)
        if self.installed:  # else it is in no page
            self.trouble.setVisible(bool(trouble))
        self._show()

    def _take(self, answer: answers.AnyReply) -> None:
        if not self._job or answer.id != self._job:
            return
        if not isinstance(answer, answers.JobEvent):
            self._end(answer.reason if isinstance(answer, answers.JobFailed) else "")
        elif isinstance(answer.event, ComputersSeen) and answer.event.computers != self._computers:
            self._computers = answer.event.computers
            self._show()
        if self._job:
            self.said.setText(self._found())

    def _found(self) -> str:
        if not self._computers:
            return self.tr("The cluster is there, and none of its computers offers a core.")
        able = [computer for computer in self._computers if computer.trouble is None]
        cores = wording.number(sum(computer.cores for computer in able))
        if len(able) == 1:
            return self.tr("One computer works along, with {cores} cores.").format(cores=cores)
        text = self.tr("{count} computers work along, with {cores} cores.")
        return text.format(count=wording.number(len(able)), cores=cores)

    def _show_settings(self) -> None:
        used = self._store.settings.cluster_address
        self.address.setText(used or self._typed() or str(self._state.value(ADDRESS, "")))
        self.switch.blockSignals(True)
        self.switch.setChecked(bool(used))
        self.switch.blockSignals(False)
        self.join.show_address(self._typed())
        self._enable()

    def _enable(self) -> None:
        """Let be done what can be; the switch can always be turned off."""
        able = self.installed and bool(self._typed())
        self.switch.setEnabled(able or self.switch.isChecked())
        self.test.setEnabled(able)
        self.test.setText(self.tr("Stop looking") if self._job else self.tr("Test"))
        about = self.tr("Where they cannot be reached, this computer works alone, and says so.")
        if self.installed and not self._typed():
            about = self.tr("Write down the address first.")
        self._about.setText(about)
        self.switch.setAccessibleDescription(about)

    def _show(self) -> None:
        row = max(self.list.currentRow(), 0)
        self.list.clear()
        for computer in self._computers:
            name, parts = safe_text.line(computer.name), self._parts(computer)
            failed = computer.trouble is not None
            symbol = icon("alert-circle-outline" if failed or computer.unseen else "monitor")
            item = QListWidgetItem()
            item.setData(RowDelegate.ROW, Row(name, "  ·  ".join(parts), symbol, self._doing(computer), failed))
            said = ", ".join(filter(None, (name, *parts, self._doing(computer))))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(safe_text.tip("\n".join([safe_text.line(computer.address), *parts])))
            item.setSizeHint(QSize(0, scaled(50)))
            self.list.addItem(item)
        if self._computers:
            self.list.setCurrentRow(min(row, len(self._computers) - 1))
        if self.installed:
            self.list.setVisible(bool(self._computers))
        self._explain()
        self._enable()

    def _parts(self, computer: ComputerStatus) -> list[str]:
        """Say what a computer offers, or why it cannot be used."""
        if computer.trouble is not None:
            return [safe_text.line(computer.trouble)]
        cores = self.tr("1 core") if computer.cores == 1 else self.tr("{count} cores")
        parts = [cores.format(count=wording.number(computer.cores))]
        if computer.cards:
            card = safe_text.line(computer.card) or self.tr("graphics card")
            parts.append(card if computer.cards == 1 else f"{wording.number(computer.cards)} × {card}")
        if computer.memory is not None:
            parts.append(self.tr("{size} of memory").format(size=wording.size(computer.memory)))
        if computer.unseen:
            parts.append(self.tr("does not see all folders"))
        return parts

    def _doing(self, computer: ComputerStatus) -> str:
        if computer.works_for:
            return self.tr("works for {name}").format(name=safe_text.line(computer.works_for))
        return "" if computer.trouble is not None else self.tr("free")

    def _explain(self) -> None:
        """Say in full what there is no room for in the row that is selected."""
        row = self.list.currentRow()
        lines: list[str] = []
        if 0 <= row < len(self._computers):
            computer = self._computers[row]
            folders = ", ".join(map(safe_text.line, computer.unseen))
            if computer.trouble is not None:
                lines.append(safe_text.line(computer.trouble))
            if folders:
                text = self.tr(
                    "{name} does not see {folders}: this computer looks at the videos there, or the command below "
                    "tells it what it calls them."
                )
                lines.append(text.format(name=safe_text.line(computer.name), folders=folders))
            pair = self.tr("{there} is {here} on {name}.")
            lines += [
                pair.format(there=safe_text.line(there), here=safe_text.line(here), name=computer.name)
                for here, there in computer.paths
            ]
        self.about.setText("\n".join(lines))
        if self.installed:
            self.about.setVisible(bool(lines))
