"""What is typed into rooms."""

from workspaces.chat.forms.conversations import ConversationForm
from workspaces.chat.forms.decisions import PositionForm, ProposalForm
from workspaces.chat.forms.messages import EditForm, MessageForm, MoveForm, TopicForm, TopicNameForm
from workspaces.chat.forms.settings import RetentionForm, SeenForm

__all__ = [
    "ConversationForm",
    "EditForm",
    "MessageForm",
    "MoveForm",
    "PositionForm",
    "ProposalForm",
    "RetentionForm",
    "SeenForm",
    "TopicForm",
    "TopicNameForm",
]
