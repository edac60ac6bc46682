# SPDX-License-Identifier: MIT
# Follows the published table by session, as somebody would who has awk and the page of wdm.h: counts events that no
# cell has. -v table="STATE EVENT NEXT;..." has the cells; lines are time=... session=... event=...
BEGIN {
	count = split(table, cells, ";")
	for (i = 1; i <= count; i++) {
		split(cells[i], cell, " ")
		after[cell[1], cell[2]] = cell[3]
	}
}
{
	event = substr($3, 7)
	state = ($2 in states) ? states[$2] : "Initialized"
	if ((state, event) in after)
		states[$2] = after[state, event]
	else
		illegal++
}
END { print illegal + 0 }
